import { PasswordInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'

export const LEAST = 12

/** A password, twice: what nobody sees is easily mistyped. */
export function NewPassword({
  label,
  value,
  again,
  onChange,
  onAgain,
}: {
  readonly label: string
  readonly value: string
  readonly again: string
  readonly onChange: (value: string) => void
  readonly onAgain: (value: string) => void
}) {
  const { t } = useTranslation()
  return (
    <>
      <PasswordInput
        label={label}
        description={t('setUp.least', { count: LEAST })}
        autoComplete="new-password"
        minLength={LEAST}
        maxLength={200}
        required
        withAsterisk={false}
        value={value}
        onChange={event => onChange(event.currentTarget.value)}
      />
      <PasswordInput
        label={t('setUp.again')}
        autoComplete="new-password"
        required
        withAsterisk={false}
        value={again}
        error={again !== '' && again !== value && value.length <= again.length ? t('setUp.differs') : null}
        onChange={event => onAgain(event.currentTarget.value)}
      />
    </>
  )
}

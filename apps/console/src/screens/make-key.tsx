import type { Right } from '@linchpin/api'
import { rightNames } from '@linchpin/api/rights'
import { Button, Checkbox, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useDo } from '../api.ts'
import { useMe } from '../me.ts'
import * as commands from '../parts/commands.ts'
import { CopyAs } from '../parts/copy-as.tsx'

export interface MadeKey {
  readonly name: string
  readonly key: string
}

const DAYS = [30, 90, 365, 0] as const

/** A key for a program: what for, what it may, how long. Nobody can give what they do not have. */
export function MakeKey({
  onClose,
  onMade,
}: {
  readonly onClose: () => void
  readonly onMade: (made: MadeKey) => void
}) {
  const { t } = useTranslation()
  const mine = useMe().data?.rights ?? []
  const [name, setName] = useState('')
  const [rights, setRights] = useState<readonly Right[]>(['look'])
  const [days, setDays] = useState<number>(90)
  const forDays = days === 0 ? {} : { days }
  const add = useDo(async () => {
    const { key } = await api.addApiKey({ name, rights: [...rights], ...forDays })
    onMade({ name, key })
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('apiKeys.make')}
      closeButtonProps={{ 'aria-label': t('keys.close') }}
    >
      <form
        onSubmit={event => {
          event.preventDefault()
          add.mutate(undefined)
        }}
      >
        <Stack>
          <TextInput
            data-autofocus
            label={t('apiKeys.name')}
            required
            withAsterisk={false}
            maxLength={100}
            value={name}
            onChange={event => setName(event.currentTarget.value)}
          />
          <Checkbox.Group
            label={t('apiKeys.rights')}
            value={[...rights]}
            onChange={chosen => setRights(chosen as Right[])}
          >
            <Stack gap={6} mt={4}>
              {rightNames
                .filter(right => mine.includes(right))
                .map(right => (
                  <Checkbox key={right} value={right} label={t(`right.${right}`)} />
                ))}
            </Stack>
          </Checkbox.Group>
          <NativeSelect
            label={t('apiKeys.days')}
            value={days}
            data={DAYS.map(value => ({
              value: String(value),
              label: value === 0 ? t('apiKeys.forever') : t('apiKeys.count', { count: value }),
            }))}
            onChange={event => setDays(Number(event.currentTarget.value))}
          />
          <CopyAs {...commands.addApiKey({ name, rights, ...forDays })} />
          <Group justify="end">
            <Button variant="default" onClick={onClose}>
              {t('actions.cancel')}
            </Button>
            <Button
              type="submit"
              loading={add.isPending}
              disabled={name.trim() === '' || rights.length === 0}
            >
              {t('apiKeys.make')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

import { useTranslation } from 'react-i18next'

interface Money {
  readonly amount: string
  readonly currency: string
}

/** Amounts stay texts: only the grouping of their digits is the reader's. */
export function Amounts({ of }: { readonly of: readonly Money[] }) {
  const { i18n } = useTranslation()
  return <>{of.map(each => written(each, i18n.language)).join(' + ')}</>
}

export function written({ amount, currency }: Money, language: string): string {
  const format = new Intl.NumberFormat(language, { style: 'currency', currency })
  return format.format(amount as unknown as number)
}

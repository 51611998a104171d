/**
 * A phone number as Shopify keeps it, which is E.164: '+49 (30) 123-4567' → '+49301234567'. Undefined when it is none, which
 * Shopify would refuse with all else.
 */
export function phoneOf(phone: string | undefined): string | undefined {
  const number = phone?.replace(/[\s()/-]/g, '')
  return number !== undefined && /^\+[1-9]\d{6,14}$/.test(number) ? number : undefined
}

/** A language as Shopify keeps it: 'de_DE' → 'de'. */
export function localeOf(language: string | undefined): string | undefined {
  return language?.replace('_', '-').replace(/-([a-z]{2})$/i, '')
}

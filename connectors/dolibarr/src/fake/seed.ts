/** Ids as in Dolibarr's own list of countries. */
const COUNTRIES: Readonly<Record<string, string>> = {
  FR: '1',
  BE: '2',
  IT: '3',
  ES: '4',
  DE: '5',
  CH: '6',
  GB: '7',
  US: '11',
  NL: '17',
  AT: '41',
  GR: '102',
  SE: '20',
  PL: '184',
  DK: '80',
}
export const countryOf = (code: string) => {
  const id = COUNTRIES[code.toUpperCase()]
  return id === undefined ? null : { id, code: code.toUpperCase(), label: code.toUpperCase(), active: '1' }
}
export const codeOf = (id: unknown) =>
  Object.entries(COUNTRIES).find(([, each]) => each === String(id))?.[0] ?? null

export const MODULES = [
  'api',
  'banque',
  'commande',
  'expedition',
  'facture',
  'product',
  'service',
  'societe',
  'stock',
  'user',
]
/** The one warehouse that the look-alike has. */
export const WAREHOUSE = 1

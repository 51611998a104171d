import { hint } from './config/faults.ts'
import type { Config } from './config/schema.ts'
import { ConfigTrouble } from './config/trouble.ts'

export function unknownConnection(name: string, { connections }: Pick<Config, 'connections'>): ConfigTrouble {
  const names = Object.keys(connections)
  const words = `There is no connection "${name}".${hint(name, names)} There are: ${names.join(', ')}.`
  return new ConfigTrouble('The configuration', [words])
}

import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Connector } from '@linchpin/server'
import type { Command } from 'commander'
import type { z } from 'zod'
import { contextOf } from '../context.ts'
import { UsageTrouble } from '../trouble.ts'

interface InitOptions {
  readonly shop?: string
  readonly erp?: string
  readonly shopSetting?: string[]
  readonly erpSetting?: string[]
  readonly yes?: boolean
  readonly force?: boolean
}

const collect = (value: string, before: string[] = []) => [...before, value]

/** A wizard in which every question has a flag. */
export function addInit(program: Command): void {
  program
    .command('init')
    .description('write linchpin.config.ts for your own shop and ERP')
    .option('--shop <connector>', 'which shop: woocommerce, vendure, medusa, shopify')
    .option('--erp <connector>', 'which ERP: odoo, tryton, dolibarr, metasfresh')
    .option(
      '--shop-setting <name=value>',
      'a setting of the shop, or its name alone to take it from the environment; may be repeated',
      collect,
    )
    .option('--erp-setting <name=value>', 'a setting of the ERP, likewise', collect)
    .option('--yes', 'ask nothing; what is not given becomes a reference to the environment')
    .option('--force', 'overwrite a configuration that is there')
    .action(async (options: InitOptions, command: Command) => {
      const { output, folder } = contextOf(command)
      const file = join(folder, 'linchpin.config.ts')
      if (existsSync(file) && !options.force)
        throw new UsageTrouble(
          `${file} is there already. Change it by hand, or say --force to write a new one.`,
        )
      const shop = await connection('shop', options.shop, options.shopSetting ?? [], options.yes ?? false)
      const erp = await connection('erp', options.erp, options.erpSetting ?? [], options.yes ?? false)
      writeFileSync(file, configFile(shop, erp))
      const next = [...shop.needs, ...erp.needs]
      output.data({ file, environment: next }, () =>
        [
          `Written: ${file}`,
          next.length > 0
            ? `Set in the environment (or enter with "linchpin secret set"): ${next.join(', ')}`
            : '',
          'Next: linchpin connection test shop, linchpin connection test erp, then linchpin start.',
        ]
          .filter(Boolean)
          .join('\n'),
      )
    })
}

interface Chosen {
  readonly connector: string
  /** TypeScript source of each setting. */
  readonly settings: readonly (readonly [name: string, source: string])[]
  readonly needs: readonly string[]
}

async function connection(
  role: 'shop' | 'erp',
  given: string | undefined,
  flags: readonly string[],
  silent: boolean,
): Promise<Chosen> {
  const { connectors } = await import('@linchpin/server')
  const choices = connectors.filter(connector => connector.role === role)
  const id = given ?? (silent ? undefined : await chooseConnector(role, choices))
  const connector = choices.find(each => each.id === id)
  if (!connector)
    throw new UsageTrouble(`Say --${role} with one of: ${choices.map(each => each.id).join(', ')}.`)
  const fields = fieldsOf(connector.settings)
  const values = valuesOf(connector, fields, flags)
  const settings: [string, string][] = []
  const needs: string[] = []
  const signIn = signInOf(connector, fields, values)
  for (const each of fields) {
    const field = { ...each, required: each.required || values.has(each.name) || each.name === signIn }
    const source = await sourceOf(field, values.get(field.name), { role, title: connector.title, silent })
    if (source === null) continue
    settings.push([field.name, source])
    if (/^(env|secret)\(/.test(source)) needs.push(variableOf(role, field.name))
  }
  return { connector: connector.id, settings, needs }
}

function valuesOf(
  { title }: Connector,
  fields: readonly Field[],
  flags: readonly string[],
): ReadonlyMap<string, string | undefined> {
  const values = new Map<string, string | undefined>()
  for (const flag of flags) {
    const [, name = '', value] = /^([^=]+)(?:=(.*))?$/s.exec(flag) ?? []
    const field = fields.find(each => each.name === name)
    if (!field)
      throw new UsageTrouble(
        `${title} has no setting ${name}. It has ${fields.map(each => each.name).join(', ')}.`,
      )
    if (field.secret && value !== undefined)
      throw new UsageTrouble(
        `${name} is a secret: it does not belong on a command line, where others can read it, nor in the file. Say only ${name}, and set it in the environment, or enter it with "linchpin secret set".`,
      )
    values.set(name, value)
  }
  return values
}

const variableOf = (role: string, name: string) => `${role}_${name.replace(/([A-Z])/g, '_$1')}`.toUpperCase()

/** What stands in the file for this setting; null when it is left out. */
async function sourceOf(
  { name, words, secret, required, type }: Field,
  value: string | undefined,
  { role, title, silent }: { role: string; title: string; silent: boolean },
): Promise<string | null> {
  if (value === undefined && !required) return null
  if (secret) return `secret('${variableOf(role, name)}')`
  if (value === undefined && silent) return `env('${variableOf(role, name)}')`
  return literal(value ?? (await ask(`${title}: ${words}`)), type)
}

/** As text where the setting takes one; numbers and switches as what they are. */
function literal(value: string, type: z.ZodType): string {
  if (type.safeParse(value).success) return JSON.stringify(value)
  try {
    const data: unknown = JSON.parse(value)
    return JSON.stringify(type.safeParse(data).success ? data : value)
  } catch {
    return JSON.stringify(value)
  }
}

interface Field {
  readonly name: string
  readonly words: string
  readonly secret: boolean
  readonly required: boolean
  readonly type: z.ZodType
}

function fieldsOf(settings: z.ZodType): readonly Field[] {
  const shape = (settings as { shape?: Record<string, z.ZodType> }).shape ?? {}
  return Object.entries(shape).map(([name, type]) => ({
    name,
    words: type.description ?? name,
    secret: type.meta()?.['secret'] === true,
    required: isWanted(type),
    type,
  }))
}

/** What must be there, and what is better there: a secret that is empty by default switches something off. */
function isWanted(type: z.ZodType): boolean {
  const left = type.safeParse(undefined)
  return !left.success || (type.meta()?.['secret'] === true && left.data === '')
}

/** Where there are several ways to sign in, none of them is required: the first secret that is enough by itself. */
function signInOf(
  { settings }: Connector,
  fields: readonly Field[],
  values: ReadonlyMap<string, string | undefined>,
): string | undefined {
  const known = fields.filter(({ name, required }) => required || values.has(name))
  const fits = (more: readonly Field[]) =>
    settings.safeParse(Object.fromEntries([...known, ...more].map(each => [each.name, sampleOf(each)])))
      .success
  if (fits([])) return undefined
  return fields.find(field => field.secret && !known.includes(field) && fits([field]))?.name
}

function sampleOf({ type }: Field): unknown {
  const samples = ['https://example.com', 'x'.repeat(32), 1, true]
  return samples.find(sample => type.safeParse(sample).success)
}

async function chooseConnector(role: 'shop' | 'erp', choices: readonly Connector[]): Promise<string> {
  const { select } = await import('@clack/prompts')
  const message = role === 'shop' ? 'Which shop?' : 'Which ERP?'
  return answered(
    await select({ message, options: choices.map(({ id, title }) => ({ value: id, label: title })) }),
  )
}

async function ask(message: string): Promise<string> {
  const { text } = await import('@clack/prompts')
  return answered(await text({ message }))
}

function answered(answer: string | symbol): string {
  if (typeof answer === 'string') return answer
  throw new UsageTrouble('Stopped; nothing was written.')
}

function configFile(shop: Chosen, erp: Chosen): string {
  const words = [
    'defineConfig',
    'orderToCash',
    ...new Set([...shop.settings, ...erp.settings].flatMap(uses)),
  ].toSorted()
  return `import { ${words.join(', ')} } from '@linchpin/server/config'

export default defineConfig({
  connections: {
    shop: ${connectionSource(shop)},
    erp: ${connectionSource(erp)},
  },
  // Orders placed before the first start are left alone. To carry older ones, add since: '2026-11-01T00:00:00Z'.
  flows: [orderToCash({ shop: 'shop', erp: 'erp' })],
})
`
}

function uses([, source]: readonly [string, string]): readonly string[] {
  const word = /^(env|secret)\(/.exec(source)?.[1]
  return word ? [word] : []
}

function connectionSource({ connector, settings }: Chosen): string {
  const lines = settings.map(([name, source]) => `        ${name}: ${source},`)
  return `{\n      connector: '${connector}',\n      settings: {\n${lines.join('\n')}\n      },\n    }`
}

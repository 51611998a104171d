import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Path inside the connector's folder → text. */
export type Files = Readonly<Record<string, string>>

/** The reference connector under another name, without what only the reference has. */
export function connectorNamed(name: string, reference: Files): Files {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new Error(`'${name}' cannot name a connector. Use one lower-case word, like acme or big-shop.`)
  const kept = Object.entries(reference).filter(([path]) => !isOnlyOfTheReference(path))
  const copied = kept.map(([path, text]) => [renamed(path, name), renamed(withoutVariants(text), name)])
  return { ...Object.fromEntries(copied), 'README.md': readmeOf(name) }
}

export function filesIn(folder: string): Files {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  const paths = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  const inside = paths
    .map(path => path.slice(folder.length + 1).replaceAll('\\', '/'))
    .filter(path => !path.includes('node_modules'))
  return Object.fromEntries(inside.map(path => [path, readFileSync(join(folder, path), 'utf8')]))
}

export function lay(folder: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

const isOnlyOfTheReference = (path: string) =>
  /^(README\.md|conformance\.json|src\/flaws\/.*|src\/variants.*)$/.test(path)
const withoutVariants = (text: string) => text.replace(/^.*'\.\/variants\.ts'\n/m, '')

/** 'big-shop' in addresses and file names, bigShop and BigShop in code, Big Shop to people. */
function renamed(text: string, name: string): string {
  const title = titleOf(name)
  const pascal = title.replaceAll(' ', '')
  const camel = (pascal[0] ?? '').toLowerCase() + pascal.slice(1)
  return text
    .replace(/(?<=[a-z])Memory/g, pascal)
    .replace(/Memory/g, title)
    .replace(/(?<=['"`/.-])memory|memory(?=['"`/.-])/g, name)
    .replace(/\bmemory\b/g, camel)
}

function titleOf(name: string): string {
  return name
    .split('-')
    .map(word => (word[0] ?? '').toUpperCase() + word.slice(1))
    .join(' ')
}

const readmeOf = (name: string) => `# ${titleOf(name)}

What it is, in one sentence, and the versions that this connector was tried with.

## What it can do

A table: each entity, how it is read, found, written.

## Credentials

Where an operator gets them, click by click, and the least rights that are enough.

## What it cannot do

What people will look for and not find, and what happens instead.

## Oddities

What the API really does, each with its source: its documentation, or a recorded answer in \`fixtures/\`.
`

function main(name: string | undefined): string {
  if (name === undefined) throw new Error('Name the connector: npm run new-connector -- acme')
  const folder = `connectors/${name}`
  if (existsSync(folder)) throw new Error(`There is a ${folder} already.`)
  lay(folder, connectorNamed(name, filesIn('connectors/memory')))
  return `${folder} is there and passes: npx vitest run ${folder}
Now make src/fake-${name}.ts answer as the real one does, and let the tests that fail lead you.
docs/how-to/write-a-connector.md goes with you. \`npm install\` makes it known to the other packages.`
}

// Node 20 has no import.meta.main.
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    console.log(main(process.argv[2]))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 2
  }
}

import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { openApi } from '@linchpin/api'
import { format } from 'prettier'
import { cliPage } from './reference/cli.ts'
import { configurationPage } from './reference/configuration.ts'
import { connectorsPage, connectorsTable } from './reference/connectors.ts'
import { httpPage } from './reference/http.ts'

/** The pages of docs/reference that are made from the code, so that they cannot say anything else: path → text. */
export async function referencePages(): Promise<Readonly<Record<string, string>>> {
  return {
    'README.md': withConnectors(readFileSync('README.md', 'utf8')),
    'docs/reference/cli.md': cliPage(),
    'docs/reference/configuration.md': configurationPage(),
    'docs/reference/connectors.md': connectorsPage(),
    'docs/reference/http.md': httpPage(),
    // As it is served, so that a change of the contract is seen where changes are read. The version is that of a release.
    'docs/reference/openapi.json': await format(JSON.stringify(openApi('0')), {
      parser: 'json',
      printWidth: 110,
    }),
  }
}

/** The part of the README that is made from the code stands between two marks. */
function withConnectors(readme: string): string {
  const marked = /(<!-- connectors, by `npm run reference` -->\n)[^]*?(\n<!-- end of connectors -->)/
  if (!marked.test(readme)) throw new Error('README.md has lost the marks around its table of connectors.')
  return readme.replace(
    marked,
    (_all, begin: string, end: string) => `${begin}\n${connectorsTable()}\n${end}`,
  )
}

async function main(): Promise<void> {
  for (const [path, text] of Object.entries(await referencePages())) {
    if (read(path) === text) continue
    writeFileSync(path, text)
    console.log(`${path} is written anew.`)
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

// Node 20 has no import.meta.main.
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()

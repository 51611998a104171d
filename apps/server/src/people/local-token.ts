import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newId, newToken } from './tokens.ts'

/** Beside the data: whoever may read that file may do everything here anyway. */
export const localTokenFile = (dataDir: string) => join(dataDir, 'local-token')

/** What the command line shows, where it can read this file; made once, readable for its owner only. */
export async function openLocalToken(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true })
  const file = localTokenFile(dataDir)
  return (await written(file)) ?? make(file)
}

async function make(file: string): Promise<string> {
  const draft = `${file}.${newId()}`
  await writeFile(draft, newToken(), { mode: 0o600 })
  // Whole or not at all; of two nodes that start at once, one makes it.
  await link(draft, file).catch((error: unknown) => {
    if ((error as { code?: string }).code !== 'EEXIST') throw error
  })
  await rm(draft)
  const token = await written(file)
  if (token === null) throw new Error(`${file} is empty. Delete it and start again: it is made anew.`)
  return token
}

async function written(file: string): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as { code?: string }).code === 'ENOENT') return ''
    throw error
  })
  return text.trim() || null
}

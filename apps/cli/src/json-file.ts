import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { UsageTrouble } from './trouble.ts'

/** A file that another command wrote. Throws UsageTrouble for anything else. */
export function readJson<Shape extends z.ZodType>(file: string, shape: Shape, what: string): z.output<Shape> {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new UsageTrouble(`${file} cannot be read as a ${what}: ${(cause as Error).message}`)
  }
  const parsed = shape.safeParse(content)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new UsageTrouble(
    `${file} is no ${what} that this Linchpin can read: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`,
  )
}

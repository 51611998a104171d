import { readFileSync } from 'node:fs'
import { planFile, type PlanFile } from '@linchpin/api'
import { UsageTrouble } from './trouble.ts'

/** Throws UsageTrouble for what is no plan. */
export function readPlan(file: string): PlanFile {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new UsageTrouble(`${file} cannot be read as a plan: ${(cause as Error).message}`)
  }
  const parsed = planFile.safeParse(content)
  if (!parsed.success)
    throw new UsageTrouble(`${file} is no plan that this Linchpin can read. Make a new one.`)
  return parsed.data
}

import type { PlannedAnswer } from '@linchpin/api'
import type { PlannedStep } from '@linchpin/engine'

export function plannedAnswer(step: PlannedStep): PlannedAnswer {
  return { ...step, fields: [...step.fields] }
}

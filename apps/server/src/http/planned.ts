import type { PlannedAnswer } from '@linchpin/api'
import type { Planned, Step } from '@linchpin/engine'

/** A dry run's step in the words of the API. */
export function plannedAnswer({ id, key, step }: Planned): PlannedAnswer {
  return { id, key, ...inWords(step) } as PlannedAnswer
}

function inWords(step: Step): { would: PlannedAnswer['would']; words: string; row: unknown } {
  switch (step.do) {
    case 'write': {
      const { operation, write } = step.ready
      return {
        would: operation,
        words: operation === 'create' ? 'It would be created.' : 'It would be brought up to date.',
        row: write.row,
      }
    }
    case 'match': {
      const keys = Object.entries(step.keys).map(([name, value]) => `${name} ${value}`)
      const words = `It would be linked to the record there with the same ${keys.join(' or ')}, or created.`
      return { would: 'match or create', words, row: step.or.write.row }
    }
    case 'find':
      return {
        would: 'wait',
        words: 'An earlier create would be looked for first.',
        row: step.ready.write.row,
      }
    case 'skip':
      return { would: 'skip', words: step.words, row: null }
    case 'park':
      return { would: 'park', words: step.words, row: null }
    case 'nothing':
      return { would: 'nothing', words: step.words, row: null }
    case 'read':
      return { would: 'wait', words: 'It would be read first.', row: null }
    case 'wait until':
      return { would: 'wait', words: step.words, row: null }
    case 'link first': {
      const names = step.missing.map(each => `${each.entity} ${each.id}`).join(', ')
      return { would: 'wait', words: `It would first link ${names}.`, row: null }
    }
  }
}

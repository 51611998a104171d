export { ENDS_MS, type AlertFacts } from './sightings.ts'
export { alertTurn, nextAlertTry, type AlertKnown } from './turn.ts'

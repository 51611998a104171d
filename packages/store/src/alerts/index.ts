export type * from './alerts.ts'
export {
  alertChannels,
  alertRules,
  ownerOf as ownerOfAlertSecrets,
  removeAlertChannel,
  removeAlertRule,
  saveAlertChannel,
  saveAlertRule,
} from './channels.ts'
export { differing, endedRuns, endingCredentials, endingKeys, type EndedRun } from './facts.ts'
export { alertMessages, beginAlert, claimAlerts, settleAlert, type AlertOutcome } from './messages.ts'
export { claimWatch, incidents, saveWatch } from './watch.ts'

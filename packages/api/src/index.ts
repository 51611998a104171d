export {
  alertEvents,
  alertLanguages,
  channelKinds,
  type AlertEventName,
  type AlertLanguage,
  type ChannelKindName,
} from './alert-names.ts'
export type { AlertMessageAnswer, ChangedChannel, ChannelAnswer, RuleAnswer } from './alerts.ts'
export { ApiTrouble, createClient, type Client } from './client.ts'
export { allows, may, onlyAsks, reveals, type Rule } from './may.ts'
export { openApi } from './openapi.ts'
export { replayFlow, syncFlow, type Reader } from './pages.ts'
export { meShape, peopleRoutes } from './people.ts'
export type { ApiKeyAnswer, AuditAnswer, MeAnswer, PersonAnswer, SessionAnswer } from './people.ts'
export { rightNames, rights, rightsOf, roleNames, type Right, type Role } from './rights.ts'
export { type Route } from './route.ts'
export { changesBetween, same, type RowChange } from './row-changes.ts'
export { routes, type RouteName, type Routes } from './routes.ts'
export * from './shapes.ts'
export { fresher, planFile, planFlow, type FlowPlan, type PlanFile, type PlanRequest } from './plan.ts'
export { matchFile, type MatchFile } from './matches.ts'
export * from './desk-shapes.ts'
export * from './mapping-shapes.ts'
export * from './board-shapes.ts'

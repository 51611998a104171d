import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { NoPage } from './parts/states.tsx'
import { Home } from './screens/home.tsx'
import { Gate } from './shell/gate.tsx'

const root = createRootRoute({ component: Gate, notFoundComponent: NoPage })
const getParentRoute = () => root

/** Every screen but the first is fetched when it is opened, or when somebody points at its link. */
const routes = [
  createRoute({ getParentRoute, path: '/', component: Home }),
  createRoute({
    getParentRoute,
    path: '/records/$connection/$entity/$id',
    component: lazyRouteComponent(() => import('./screens/record.tsx'), 'Record'),
  }),
  createRoute({
    getParentRoute,
    path: '/parked',
    component: lazyRouteComponent(() => import('./screens/parked.tsx'), 'Parked'),
  }),
  createRoute({
    getParentRoute,
    path: '/parked/$cause',
    component: lazyRouteComponent(() => import('./screens/cause.tsx'), 'Cause'),
  }),
  createRoute({
    getParentRoute,
    path: '/flows',
    component: lazyRouteComponent(() => import('./screens/flows.tsx'), 'Flows'),
  }),
  createRoute({
    getParentRoute,
    path: '/flows/$name',
    component: lazyRouteComponent(() => import('./screens/flow.tsx'), 'Flow'),
  }),
  createRoute({
    getParentRoute,
    path: '/connections',
    component: lazyRouteComponent(() => import('./screens/connections.tsx'), 'Connections'),
  }),
  createRoute({
    getParentRoute,
    path: '/connections/$name',
    component: lazyRouteComponent(() => import('./screens/connection.tsx'), 'Connection'),
  }),
  createRoute({
    getParentRoute,
    path: '/webhooks',
    component: lazyRouteComponent(() => import('./screens/webhooks.tsx'), 'Webhooks'),
  }),
  createRoute({
    getParentRoute,
    path: '/mapping',
    component: lazyRouteComponent(() => import('./screens/mappings.tsx'), 'Mappings'),
  }),
  createRoute({
    getParentRoute,
    path: '/mapping/$name',
    component: lazyRouteComponent(() => import('./screens/mapping.tsx'), 'Mapping'),
  }),
  createRoute({
    getParentRoute,
    path: '/compare',
    component: lazyRouteComponent(() => import('./screens/board.tsx'), 'Board'),
  }),
  createRoute({
    getParentRoute,
    path: '/compare/$flow',
    component: lazyRouteComponent(() => import('./screens/comparison.tsx'), 'Comparison'),
  }),
  createRoute({
    getParentRoute,
    path: '/compare/$flow/$id',
    component: lazyRouteComponent(() => import('./screens/sides.tsx'), 'Sides'),
  }),
  createRoute({
    getParentRoute,
    path: '/stock/$sku',
    component: lazyRouteComponent(() => import('./screens/stock.tsx'), 'Stock'),
  }),
  createRoute({
    getParentRoute,
    path: '/alerts',
    component: lazyRouteComponent(() => import('./screens/alerts.tsx'), 'Alerts'),
  }),
  createRoute({
    getParentRoute,
    path: '/reference',
    component: lazyRouteComponent(() => import('./screens/reference.tsx'), 'Reference'),
  }),
  createRoute({
    getParentRoute,
    path: '/set-up',
    component: lazyRouteComponent(() => import('./screens/set-up.tsx'), 'SetUp'),
  }),
  createRoute({
    getParentRoute,
    path: '/invitation',
    component: lazyRouteComponent(() => import('./screens/set-up.tsx'), 'Invitation'),
  }),
  createRoute({
    getParentRoute,
    path: '/account',
    component: lazyRouteComponent(() => import('./screens/account.tsx'), 'Account'),
  }),
  createRoute({
    getParentRoute,
    path: '/people',
    component: lazyRouteComponent(() => import('./screens/people.tsx'), 'People'),
  }),
  createRoute({
    getParentRoute,
    path: '/api-keys',
    component: lazyRouteComponent(() => import('./screens/api-keys.tsx'), 'ApiKeys'),
  }),
  createRoute({
    getParentRoute,
    path: '/audit',
    component: lazyRouteComponent(() => import('./screens/audit.tsx'), 'Audit'),
  }),
  // Who comes back from a provider signed in, or signs in here, is at home.
  createRoute({ getParentRoute, path: '/sign-in', component: Home }),
] as const

export const router = createRouter({
  routeTree: root.addChildren([...routes]),
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

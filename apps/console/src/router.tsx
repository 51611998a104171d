import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router'
import { NoPage } from './parts/states.tsx'
import { Home } from './screens/home.tsx'
import { Shell } from './shell/shell.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: NoPage })
const home = createRoute({ getParentRoute: () => root, path: '/', component: Home })

/** Every other screen is fetched when it is opened, or when somebody points at its link. */
const routes = [home]

export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

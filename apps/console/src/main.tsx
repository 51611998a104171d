import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './look.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nextProvider } from 'react-i18next'
import { queries } from './api.ts'
import { router } from './router.tsx'
import { theme } from './theme.ts'
import { words } from './words/words.ts'

const root = document.getElementById('root')
if (!root) throw new Error('The page has no place for the console.')

createRoot(root).render(
  <StrictMode>
    <I18nextProvider i18n={words}>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <QueryClientProvider client={queries}>
          <Notifications position="bottom-right" />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </I18nextProvider>
  </StrictMode>,
)

import { Alert, Center, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Preferences } from '../shell/preferences.tsx'

/** A page for whoever is not in yet: one thing to do, and nothing around it. */
export function PlainPage({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Center component="main" mih="100vh" p="md">
      <Stack w="100%" maw={400} gap="lg">
        <Text fw={700} size="lg" ta="center">
          <img src="/icon.svg" alt="" width={26} height={26} style={{ verticalAlign: 'middle' }} /> Linchpin
        </Text>
        <section className="card">
          <Title order={1} size="h3" mb="sm">
            {title}
          </Title>
          {children}
        </section>
        <Preferences times={false} />
      </Stack>
    </Center>
  )
}

export function Wrong({ title, children }: { readonly title?: string; readonly children: ReactNode }) {
  return (
    <Alert
      color="red"
      variant="light"
      role="alert"
      icon={<IconAlertTriangle aria-hidden />}
      {...(title ? { title } : {})}
    >
      {children}
    </Alert>
  )
}

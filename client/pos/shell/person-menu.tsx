import { Avatar, Button, Menu, Text, VisuallyHidden } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBuildingStore, IconDeviceTablet, IconLogout, IconUsers } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useBranch, useMe, usePerson } from '../hooks/use-context.ts'
import { initials } from '../lib/sign-in.ts'
import { SignOutDialog } from './sign-out-dialog.tsx'

/** Who is at the till, and everything that is about the person and the tablet. */
export function PersonMenu({ isCompact }: { isCompact: boolean }) {
  const { t } = useTranslation(['pos', 'ui'])
  const [, navigate] = useLocation()
  const [isLeaving, leaving] = useDisclosure(false)
  const me = useMe()
  const branch = useBranch()
  const hasChoice = (usePerson()?.branchIds.length ?? 0) > 1
  return (
    <>
      <Menu position="bottom-end" width="16rem">
        <Menu.Target>
          <Button variant="subtle" color="gray" px="xs" style={{ flexShrink: 0 }}>
            <Avatar size={32} color="clay" variant="filled" aria-hidden>
              {initials(me.name)}
            </Avatar>
            {isCompact ? (
              <VisuallyHidden>{me.name}</VisuallyHidden>
            ) : (
              <Text span c="var(--mantine-color-text)" fw={600} ms="xs" maw="9rem" truncate>
                {me.name}
              </Text>
            )}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            {me.name}
            {me.role && `, ${t(`shell.role.${me.role}`)}`}
            {branch && ` · ${branch.name}`}
          </Menu.Label>
          <Menu.Item leftSection={<IconUsers size={20} />} onClick={() => navigate('/people')}>
            {t('shell.person.switch')}
          </Menu.Item>
          {hasChoice && (
            <Menu.Item leftSection={<IconBuildingStore size={20} />} onClick={() => navigate('/branch')}>
              {t('shell.person.branch')}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconDeviceTablet size={20} />} onClick={() => navigate('/device')}>
            {t('shell.nav.device')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconLogout size={20} />} onClick={leaving.open}>
            {t('ui:action.signOut')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <SignOutDialog opened={isLeaving} onClose={leaving.close} />
    </>
  )
}

import { Button, Menu, Text } from '@mantine/core'
import { IconChevronDown, IconLogout, IconUser } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useWords } from '../components/use-words.ts'
import { useConsole } from '../live/console.ts'
import { session } from '../session.ts'

export function PersonMenu() {
  const { t } = useTranslation(['admin', 'ui'])
  const word = useWords()
  const { me } = useConsole()
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          aria-label={t('shell.person.menu', { name: me.name })}
          leftSection={<IconUser size={20} aria-hidden />}
          rightSection={<IconChevronDown size={16} aria-hidden />}
          data-testid="person-menu"
        >
          <Text truncate maw="10rem" visibleFrom="sm" inherit>
            {me.name}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{`${me.name} · ${word('role', me.role)}`}</Menu.Label>
        <Menu.Item
          leftSection={<IconLogout size={20} />}
          onClick={() => session.end(null)}
          data-testid="sign-out"
        >
          {t('ui:action.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core'
import { IconDeviceTablet, IconMoon, IconSun } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

const icons = { light: IconSun, dark: IconMoon, auto: IconDeviceTablet }
const schemes = ['light', 'dark', 'auto'] as const

export function ColorSchemeSwitch() {
  const { t } = useTranslation('ui')
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const Current = icons[colorScheme]
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('colorScheme.label')}>
          <Current />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {schemes.map((scheme) => {
          const Icon = icons[scheme]
          return (
            <Menu.Item key={scheme} leftSection={<Icon size={20} />} onClick={() => setColorScheme(scheme)}>
              {t(`colorScheme.${scheme}`)}
            </Menu.Item>
          )
        })}
      </Menu.Dropdown>
    </Menu>
  )
}

import { Card, Group, Input, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ColorSchemeSwitch } from '../../../ui/color-scheme-switch.tsx'
import { LanguageSwitch } from '../../../ui/language-switch.tsx'
import { Screen } from '../../components/screen.tsx'
import { DataCard } from './data-card.tsx'
import classes from './device.module.css'
import { PeopleCard } from './people-card.tsx'
import { QueueCard } from './queue-card.tsx'

/** The tablet itself: how it looks, what it keeps, how that is rescued. */
export default function DeviceScreen() {
  const { t } = useTranslation(['pos', 'ui'])
  return (
    <Screen title={t('shell.nav.device')}>
      <div className={classes.cards}>
        <Card withBorder>
          <Title order={2} size="h4" mb="sm">
            {t('device.look')}
          </Title>
          <Group align="flex-end">
            <Input.Wrapper label={t('ui:language')} labelElement="div">
              <div>
                <LanguageSwitch />
              </div>
            </Input.Wrapper>
            <Input.Wrapper label={t('ui:colorScheme.label')} labelElement="div">
              <div>
                <ColorSchemeSwitch />
              </div>
            </Input.Wrapper>
          </Group>
        </Card>
        <DataCard />
        <QueueCard />
        <PeopleCard />
      </div>
    </Screen>
  )
}

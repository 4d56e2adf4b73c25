import { Alert, Code, Group, Stack, Text } from '@mantine/core'
import { IconBulb } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { duration } from '../../../ui/ago.ts'
import { firstOf } from '../../../ui/i18n.ts'
import { useReason } from '../../../ui/reasons.ts'
import { DetailsDrawer } from '../../components/details-drawer.tsx'
import { Facts } from '../../components/facts.tsx'
import { JsonView } from '../../components/json-view.tsx'
import { useBranchName, usePersonName } from '../../components/names.tsx'
import { Tag } from '../../components/tag.tsx'
import { Time } from '../../components/time.tsx'
import { useWords } from '../../components/use-words.ts'
import { adviceFor, betweenOf, type Rejected } from '../../lib/rejected.ts'
import { shownId } from '../../lib/shown-id.ts'
import { en } from '../../locales/en.ts'
import { Dependants } from './dependants.tsx'

export function RejectedDetails(props: {
  operation: Rejected
  onOpen: (operation: Rejected) => void
  onClose: () => void
}) {
  const { operation, onOpen, onClose } = props
  const { t } = useTranslation('admin')
  const word = useWords()
  const reason = useReason()
  const { code, message, details, payload } = operation
  return (
    <DetailsDrawer title={word('type', operation.type)} onClose={onClose}>
      <Stack gap="lg" data-testid="rejected-details">
        <div>
          <Group gap="xs" mb={4}>
            <Tag color="red">{word('code', code ?? '')}</Tag>
            <Code>{code}</Code>
          </Group>
          <Text fw={550}>{reason({ code: code ?? null, message: message ?? null })}</Text>
        </div>
        <Alert color="blue" icon={<IconBulb />} title={t('rejected.details.todo')}>
          {t(`rejected.advice.${adviceFor(code, en.rejected.advice)}`)}
        </Alert>
        <About operation={operation} />
        <Dependants of={operation} onOpen={onOpen} />
        <JsonView title={t('rejected.details.payload')} of={payload} />
        {details !== null && <JsonView title={t('rejected.details.more')} of={details} />}
      </Stack>
    </DetailsDrawer>
  )
}

function About({ operation }: { operation: Rejected }) {
  const { t, i18n } = useTranslation('admin')
  const word = useWords()
  const branchName = useBranchName()
  const personName = usePersonName()
  const { actorId, submittedBy, deviceId, deviceSeq, occurredAt, decidedAt, clientOpId, dependsOn } =
    operation
  const between = betweenOf(operation)
  return (
    <Facts
      of={[
        [t('shell.branch'), branchName(operation.branchId)],
        [t('rejected.details.by'), personName(actorId)],
        submittedBy === actorId ? null : [t('rejected.details.submittedBy'), personName(submittedBy)],
        [
          t('rejected.device'),
          [
            deviceId == null ? t('shell.unknown') : shownId(deviceId),
            deviceSeq == null ? '' : t('rejected.number', { number: deviceSeq }),
          ]
            .filter(Boolean)
            .join(', '),
        ],
        [t('rejected.details.lane'), word('lane', operation.lane)],
        [t('rejected.details.deviceTime'), <Time key="device" of={occurredAt} />],
        [t('rejected.details.serverTime'), <Time key="server" of={decidedAt} />],
        [
          t('rejected.details.between'),
          between.is === 'atOnce'
            ? t('rejected.details.atOnce')
            : t(`rejected.details.${between.is}`, {
                duration: duration(between.ms, firstOf([i18n.language])),
              }),
        ],
        [t('rejected.details.key'), <Code key="key">{clientOpId}</Code>],
        dependsOn.length === 0
          ? null
          : [
              t('rejected.details.dependsOn'),
              <Stack key="dependsOn" gap={2}>
                {dependsOn.map((id) => (
                  <Code key={id}>{id}</Code>
                ))}
              </Stack>,
            ],
      ]}
    />
  )
}

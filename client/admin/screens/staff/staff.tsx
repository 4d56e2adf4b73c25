import { Button, Group, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Loaded } from '../../components/loaded.tsx'
import { useBranchName } from '../../components/names.tsx'
import { OnlyAdmin } from '../../components/only-admin.tsx'
import { RowTable } from '../../components/row-table.tsx'
import { Screen } from '../../components/screen.tsx'
import { Tag } from '../../components/tag.tsx'
import { useWords } from '../../components/use-words.ts'
import { staffQuery } from '../../documents.ts'
import type { Person } from '../../lib/staff.ts'
import { useConsole, useMay } from '../../live/console.ts'
import { useWhole } from '../../live/use-reading.ts'
import { EditPerson } from './edit-person.tsx'
import { StaffHours } from './hours.tsx'

export default function Staff() {
  const { t } = useTranslation('admin')
  const word = useWords()
  const branchName = useBranchName()
  const { me } = useConsole()
  const mayEdit = useMay('staff.edit')
  const [edited, setEdited] = useState<Person | 'new' | null>(null)
  const staff = useWhole(staffQuery, {}, (data) => data.staff, { modules: ['STAFF'] })
  return (
    <Screen
      title={t('staff.title')}
      actions={
        mayEdit && (
          <Button
            leftSection={<IconPlus size={20} />}
            onClick={() => setEdited('new')}
            data-testid="add-person"
          >
            {t('staff.add')}
          </Button>
        )
      }
    >
      <OnlyAdmin permission="staff.edit" />
      <Loaded of={staff}>
        {({ nodes }) => (
          <RowTable
            label={t('staff.title')}
            rows={nodes}
            keyOf={({ accountId }) => accountId}
            marks={({ staffCode }) => ({ 'data-testid': 'staff-row', 'data-staff': staffCode })}
            columns={[
              {
                name: t('staff.person'),
                cell: (person) => (
                  <Group gap="xs">
                    <Text inherit fw={550} c={isRevoked(person) ? 'dimmed' : undefined}>
                      {person.name}
                    </Text>
                    {person.accountId === me.accountId && <Tag>{t('staff.you')}</Tag>}
                  </Group>
                ),
              },
              { name: t('staff.code'), cell: ({ staffCode }) => staffCode },
              { name: t('staff.role'), cell: ({ role }) => word('role', role) },
              {
                name: t('staff.branches'),
                cell: ({ branchIds }) =>
                  branchIds.length > mostNamed
                    ? t('staff.manyBranches', { count: branchIds.length })
                    : branchIds.map((id) => branchName(id)).join(', ') || t('staff.noBranch'),
              },
              {
                name: t('staff.access'),
                cell: (person) => (
                  <Tag color={isRevoked(person) ? 'red' : 'green'}>
                    {t(isRevoked(person) ? 'staff.status.REVOKED' : 'staff.status.ACTIVE')}
                  </Tag>
                ),
              },
              mayEdit && {
                name: t('shell.edit'),
                isHidden: true,
                look: { ta: 'right' },
                cell: (person) => (
                  <Button
                    variant="default"
                    size="sm"
                    onClick={() => setEdited(person)}
                    aria-label={t('staff.edit', { name: person.name })}
                    data-testid="edit-person"
                  >
                    {t('shell.edit')}
                  </Button>
                ),
              },
            ]}
          />
        )}
      </Loaded>
      <StaffHours />
      {edited && <EditPerson person={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </Screen>
  )
}

/** More branches than that are counted. */
const mostNamed = 4

const isRevoked = ({ status }: Person) => status === 'REVOKED'

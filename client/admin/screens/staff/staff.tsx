import { Button, Group, Table, Text } from '@mantine/core'
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
            columns={[
              { name: t('staff.person') },
              { name: t('staff.code') },
              { name: t('staff.role') },
              { name: t('staff.branches') },
              { name: t('staff.access') },
              ...(mayEdit ? [{ name: t('shell.edit'), isHidden: true }] : []),
            ]}
          >
            {nodes.map((person) => (
              <PersonRow
                key={person.accountId}
                person={person}
                onEdit={mayEdit ? () => setEdited(person) : null}
              />
            ))}
          </RowTable>
        )}
      </Loaded>
      <StaffHours />
      {edited && <EditPerson person={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </Screen>
  )
}

/** More branches than that are counted. */
const mostNamed = 4

function PersonRow({ person, onEdit }: { person: Person; onEdit: (() => void) | null }) {
  const { t } = useTranslation('admin')
  const word = useWords()
  const branchName = useBranchName()
  const { me } = useConsole()
  const isRevoked = person.status === 'REVOKED'
  return (
    <Table.Tr data-testid="staff-row" data-staff={person.staffCode}>
      <Table.Td>
        <Group gap="xs">
          <Text inherit fw={550} c={isRevoked ? 'dimmed' : undefined}>
            {person.name}
          </Text>
          {person.accountId === me.accountId && <Tag>{t('staff.you')}</Tag>}
        </Group>
      </Table.Td>
      <Table.Td>{person.staffCode}</Table.Td>
      <Table.Td>{word('role', person.role)}</Table.Td>
      <Table.Td>
        {person.branchIds.length > mostNamed
          ? t('staff.manyBranches', { count: person.branchIds.length })
          : person.branchIds.map((id) => branchName(id)).join(', ') || t('staff.noBranch')}
      </Table.Td>
      <Table.Td>
        <Tag color={isRevoked ? 'red' : 'green'}>
          {t(isRevoked ? 'staff.status.REVOKED' : 'staff.status.ACTIVE')}
        </Tag>
      </Table.Td>
      {onEdit && (
        <Table.Td ta="right">
          <Button
            variant="default"
            size="sm"
            onClick={onEdit}
            aria-label={t('staff.edit', { name: person.name })}
            data-testid="edit-person"
          >
            {t('shell.edit')}
          </Button>
        </Table.Td>
      )}
    </Table.Tr>
  )
}

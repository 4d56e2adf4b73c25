import { Stack } from '@mantine/core'
import { IconBuildingStore } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Screen } from '../../components/screen.tsx'
import { useConsole, useMay } from '../../live/console.ts'
import { AddBranch } from './add-branch.tsx'
import { BranchCard } from './branch-card.tsx'
import classes from './overview.module.css'

export default function Overview() {
  const { t } = useTranslation('admin')
  const { branches } = useConsole()
  const mayAdd = useMay('branch.edit')
  return (
    <Screen title={t('overview.title')} actions={mayAdd && <AddBranch />}>
      {branches.length === 0 && (
        <EmptyState
          icon={IconBuildingStore}
          title={t('shell.noBranch.title')}
          text={t('shell.noBranch.text')}
        />
      )}
      <Stack gap="lg">
        <div className={classes.branches}>
          {branches.map((branch) => (
            <BranchCard key={branch.branchId} branch={branch} />
          ))}
        </div>
      </Stack>
    </Screen>
  )
}

import { Tabs, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'wouter'
import { Loaded } from '../../components/loaded.tsx'
import { OnlyAdmin } from '../../components/only-admin.tsx'
import { Screen } from '../../components/screen.tsx'
import { useWhole } from '../../live/use-reading.ts'
import { Categories } from './categories.tsx'
import { menuCategoriesQuery, menuItemsQuery, modifierGroupsQuery } from './documents.ts'
import { Groups } from './groups.tsx'
import { Items } from './items.tsx'

const tabs = ['items', 'categories', 'groups'] as const
const interest = { modules: ['MENU'] } as const

export default function Menu() {
  const { t } = useTranslation('admin')
  const [search, setSearch] = useSearchParams()
  const tab = tabs.find((each) => each === search.get('tab')) ?? 'items'
  const items = useWhole(menuItemsQuery, {}, (data) => data.menu.items, interest)
  const categories = useWhole(menuCategoriesQuery, {}, (data) => data.menu.categories, interest)
  const groups = useWhole(modifierGroupsQuery, {}, (data) => data.menu.modifierGroups, interest)
  return (
    <Screen title={t('menu.title')}>
      <OnlyAdmin permission="menu.edit" />
      <Text c="dimmed" mb="md" maw="50rem">
        {t('menu.intro')}
      </Text>
      <Loaded of={items}>
        {({ nodes: allItems }) => (
          <Loaded of={categories}>
            {({ nodes: allCategories }) => (
              <Loaded of={groups}>
                {({ nodes: allGroups }) => (
                  <Tabs
                    value={tab}
                    onChange={(chosen) => setSearch({ tab: chosen ?? 'items' }, { replace: true })}
                    keepMounted={false}
                  >
                    <Tabs.List mb="md">
                      {tabs.map((each) => (
                        <Tabs.Tab key={each} value={each}>
                          {t(`menu.tabs.${each}`)}
                        </Tabs.Tab>
                      ))}
                    </Tabs.List>
                    <Tabs.Panel value="items">
                      <Items items={allItems} categories={allCategories} groups={allGroups} />
                    </Tabs.Panel>
                    <Tabs.Panel value="categories">
                      <Categories categories={allCategories} items={allItems} />
                    </Tabs.Panel>
                    <Tabs.Panel value="groups">
                      <Groups groups={allGroups} items={allItems} />
                    </Tabs.Panel>
                  </Tabs>
                )}
              </Loaded>
            )}
          </Loaded>
        )}
      </Loaded>
    </Screen>
  )
}

/** docs/codes.md, from the definitions. */

import { codes, type OperationCode } from '../modules/words.ts'
import { handlingOf, requestHandling } from './handling.ts'
import { handlings } from './ways.ts'

const section = (title: string, lines: readonly string[]) => [`## ${title}`, '', ...lines, ''].join('\n')

const ways = ({ client, person, operator }: { client: string; person: string; operator: string }) => [
  `- **The client**: ${client}`,
  `- **A person**: ${person}`,
  `- **Whoever runs it**: ${operator}`,
]

export function printedCodes(): string {
  const requests = Object.entries(requestHandling).flatMap(([code, { why, ...handling }]) => [
    `### ${code}`,
    '',
    why,
    '',
    ...ways(handling),
    '',
  ])
  const operations = Object.entries(handlings).map(([way, { title, ...handling }]) => {
    const own = (Object.keys(codes) as OperationCode[]).filter((code) => handlingOf[code] === way)
    const rows = own.map((code) => `| \`${code}\` | ${codes[code]} |`)
    return section(title, [...ways(handling), '', '| code | why |', '|---|---|', ...rows])
  })
  return [
    '# Codes',
    '',
    'Every code that the gateway answers with: why, and what is done about it. Made by `npm run codes:print` from the',
    "modules' own definitions (`words.ts` of each) and `src/codes`.",
    '',
    'A rejected operation is kept by the gateway and by the client, is never lost, and can be tried again by a person',
    '(`retry: true`). What is deferred, and what a whole request is refused for, was not decided: it is sent again as it is.',
    '',
    section('Of a whole request', ['`extensions.code` of a GraphQL error.', '', ...requests.slice(0, -1)]),
    'Below: of single operations, beside `status` in the verdict.',
    '',
    operations.join('\n').trimEnd(),
    '',
  ].join('\n')
}

/** What is generated from the client's documents and schema.graphql is what is committed. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generate } from '@graphql-codegen/cli'
import { beforeAll, describe, expect, it } from 'vitest'
import config from '../../codegen.ts'

type Generated = { filename: string; content: string }

let generated: Generated[]
beforeAll(async () => {
  generated = (await generate({ ...config, silent: true }, false)) as Generated[]
})

describe('npm run codegen', () => {
  it('gives the files that are there', () => {
    const folders = new Set(generated.map(({ filename }) => dirname(filename)))
    const present = [...folders].flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    expect(generated.map(({ filename }) => filename).sort()).toEqual(present.sort())
  })

  it('gives their text to the letter', () => {
    expect(generated.length).toBeGreaterThan(0)
    for (const { filename, content } of generated) expect(readFileSync(filename, 'utf8')).toBe(content)
  })

  it('is code that Node runs by leaving the types out', () => {
    const document =
      "import('./client/sdk/transport/generated/graphql.ts').then((d) => console.log(String(d.ProbeDocument)))"
    const printed = execFileSync('node', ['--no-warnings', '--eval', document], { encoding: 'utf8' })
    expect(printed).toContain('query Probe')
  })
})

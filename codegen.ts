/**
 * `npm run codegen`: types of the client's GraphQL documents, from `schema.graphql`. Documents are in files that are
 * named so, as `graphql(...)`. Each part of the client that has some has types of its own, a line here, so that none
 * carries another's. What comes out is committed; a test keeps it from drifting.
 */
import type { CodegenConfig } from '@graphql-codegen/cli'

const config: CodegenConfig = {
  schema: 'schema.graphql',
  generates: {
    'client/sdk/transport/generated/': typesOf('client/sdk', '../../../../src/sync/words.ts'),
    'client/admin/generated/': typesOf('client/admin', '../../contract.ts'),
  },
}

/** `words`: the way from what is generated to where it takes `Json` from. */
function typesOf(folder: string, words: string): CodegenConfig['generates'][string] {
  return {
    preset: 'client',
    documents: `${folder}/**/documents.ts`,
    presetConfig: { fragmentMasking: false, skipIndexFile: true },
    config: {
      documentMode: 'string',
      useTypeImports: true,
      importExtension: '.ts',
      strictScalars: true,
      scalars: {
        ID: 'string',
        UUID: 'string',
        DateTime: 'string',
        SafeInt: 'number',
        JSON: `${words}#Json`,
      },
    },
  }
}

export default config

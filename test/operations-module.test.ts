import { expect, it } from 'vitest'
import { readOperationFiles, renderOperationsModule } from './support/operations.ts'

// Imports nothing of src/, so that `npm run operations` can write the module where it is missing or broken.
it('the program carries the documents of operations/ as they are', async () => {
  const written = renderOperationsModule(readOperationFiles())
  await expect(written).toMatchFileSnapshot('../src/http/page/operations.ts')
})

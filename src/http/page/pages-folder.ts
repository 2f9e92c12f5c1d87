import { toPackageFile } from '../../package-file.ts'

/** The folder of pages that `npm run build` makes. */
export const PAGES = toPackageFile('dist/pages/')

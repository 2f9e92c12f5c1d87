/** The names of generated users. Of each pair there is one user among the seeds. */
export const GIVEN_NAMES = ['Mary', 'Edsger', 'Hedy', 'Donald', 'Radia', 'Niklaus', 'Karen', 'Tony']
export const FAMILY_NAMES = ['Allen', 'Bauer', 'Chen', 'Dubois', 'Evans', 'Fischer', 'Garcia', 'Haddad']

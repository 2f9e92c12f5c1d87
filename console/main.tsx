import './styles/all.css'
import { render } from 'preact'
import { Page } from './page.tsx'

const root = document.getElementById('page')
if (root === null) throw new Error('The page has no place for the console')
render(<Page />, root)

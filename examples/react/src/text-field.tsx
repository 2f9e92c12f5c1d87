interface Props {
  readonly name: string
  readonly label: string
  /** The faults of a whole input. Those whose path has the name of the field are shown beside it. */
  readonly faults: readonly { readonly path: readonly string[]; readonly message: string }[]
  readonly required?: boolean
}

export function TextField({ name, label, faults, required = false }: Props) {
  const own = faults.filter(({ path }) => path.includes(name))
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      <input
        id={name}
        name={name}
        required={required}
        autoComplete="off"
        aria-invalid={own.length > 0}
        aria-describedby={`${name}-fault`}
      />
      <span className="fault" id={`${name}-fault`}>
        {own.map(({ message }) => message).join(' ')}
      </span>
    </div>
  )
}

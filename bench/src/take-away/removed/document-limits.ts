/** Allows documents of any size. */
export const findTextFault = () => () => null
export const findLimitFault = () => () => null

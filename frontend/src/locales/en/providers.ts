export default { title: 'Providers', one: 'Provider' }

export default { title: 'Policies', one: 'Policy' }

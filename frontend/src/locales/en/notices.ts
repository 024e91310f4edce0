export default { title: 'Public notices', one: 'Public notice' }

export default {
  title: 'My organisation',
  status: 'Verification',
  change: 'Change',
  save: 'Save',
  saved: 'Saved',
  savedPending: 'Saved; the district verifies what was changed',
  changeNote: 'Apart from address, contact and English name, whatever is changed is verified anew by the district.',
  and: ', ',
  hint: {
    registered: 'You are registered. The district is verifying the firm; meanwhile you can post needs and compare services.',
    pending: 'The district is verifying it; you will be told.',
    returned: 'The district has returned it; please mend what is said below and save.',
    verified: 'What is declared has been verified.',
    suspended: 'The organisation is suspended, see below.',
  },
}

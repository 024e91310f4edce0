// Package documents takes tables out to spreadsheets and back in.
//
// WriteXLSX and WriteCSV stream a Table. Read takes either format by what its
// bytes are, finds columns by their titles in either language or by key, and
// tells every fault at once with sheet, row and column. Nothing in a document is
// believed: formulas, macros, hidden characters and swelling archives are
// refused.
//
// CSV is for programs, xlsx for people: only in xlsx can long numbers be marked
// as text for office programs.
package documents

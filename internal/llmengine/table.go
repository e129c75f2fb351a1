// SPDX-License-Identifier: Apache-2.0

package llmengine

// Engine is one kind of server and all that its versions write.
type Engine struct {
	// Name is the value of llm.engine.name.
	Name string
	// Title is the name for people.
	Title string
	// Source is where the facts were read: project, file and version.
	Source string
	// Prefixes begin the names of its families, with underscores for colons. The longest that fits decides.
	Prefixes []string
	// Role says what the server is.
	Role Role
	// Require is a label without which a series is not this engine's.
	Require string
	// Foreign is a label that marks series about other servers, where the model label is missing.
	Foreign string
	// Model are the labels that hold the served model, the first that is set counts.
	Model []string
	// Index are the labels that hold the data-parallel rank.
	Index []string
	// Instance are labels that identify an engine of a page; the first that is set counts.
	Instance []string
	// Rank are labels of ranks that repeat each other's numbers. Of series that differ in them alone, the lowest counts.
	Rank []string
	// Only restricts the series of all rows.
	Only []Match
	// Rows say what becomes of families.
	Rows []Row
	// Known are families that no row takes, on purpose. A name may end in *.
	Known []string
	// Path is where the metrics page is; empty where there is none.
	Path string
	// Lookups are JSON documents beside the page.
	Lookups []Lookup
}

// Role says what a server is, which decides whose numbers count where several are on one page.
type Role uint8

// An Own engine's numbers come first. Then come those of what is wrapped around it, of gateways, and of what is added to an
// engine.
const (
	Own Role = iota
	Wrapper
	Gateway
	AddOn
)

// From says what of a family is read.
type From uint8

// Value reads samples of gauges and counters. Sum and Count read those parts of a histogram or summary, and Buckets a whole
// histogram. Label reads numbers that stand in labels of a series whose value is 1. Items reads the number of elements of a list
// in a label.
const (
	Value From = iota
	Sum
	Count
	Buckets
	Labels
	Items
)

// Match is a condition on a label. An absent label is "".
type Match struct {
	Label  string
	Values []string
}

// Term is a family whose value is a factor.
type Term struct {
	Name  string
	Where []Match
}

// Attr gives an attribute its value: Fixed, or that of the first of Labels that is set. Words translate it.
type Attr struct {
	Fixed  string
	Labels []string
	// Words are tried in their order.
	Words []Word
	// Rest is the value where there are Words and none fits; empty for no attribute.
	Rest string
}

// Word translates label values that a whole RE2 pattern matches, as Prometheus matches them.
type Word struct{ Pattern, Value string }

// Row says how one quantity is read.
type Row struct {
	Concept Concept
	// Names are families, the newest first, as the engine writes them. The first that is there counts, never the sum.
	Names []string
	From  From
	// Labels are multiplied with each other (From Labels), or hold the list (From Items).
	Labels []string
	// Where selects series.
	Where []Match
	// Attrs are the attributes of the concept.
	Attrs [2]Attr
	// Factor converts the unit; 0 is 1.
	Factor float64
	// Plus and Minus are families that are added and subtracted, where they are there.
	Plus, Minus []string
	// Times are factors, without which there is no value.
	Times []Term
	// Given are families that must not be 0, where they are there: placeholders of what is not known.
	Given []string
	// ZeroUnknown says that 0 is a placeholder.
	ZeroUnknown bool
	// Inverted turns 1 into 0 and the other way round.
	Inverted bool
	// Newest says that the value is the time of the series: only the newest counts.
	Newest bool
	// Once is a label of whose values each counts once.
	Once string
	// Else says that the row counts only where no row without Else gave the concept.
	Else bool
	// Model are labels that hold the model here, instead of the engine's.
	Model []string
}

// Lookup is a JSON document. Its numbers and booleans become samples named after Family and their path, its strings labels. Each
// element of a list has a sample Family of value 1, too.
type Lookup struct {
	Path   string
	Family string
	// Root is the key of the list in the document; empty for the document itself.
	Root string
	// Last says that of a list only the last element counts.
	Last bool
	// Version is the label that holds the engine's version.
	Version string
	// State says that the document is the engine's page, to be read at each scrape. Others are read once a minute at most.
	State bool
}

#pragma once

#include "ocpi/base/ci_string.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/json/document.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::json {

/// An error in a document: its place and the expected value.
struct problem {
    std::string pointer;
    std::string text;

    problem(std::string where, std::string what) : pointer(std::move(where)), text(std::move(what))
    {
    }
};

/// Deviations accepted while a document is read.
struct leniency {
    /// DateTimes with an offset from UTC are converted instead of refused.
    bool offset_timestamps = false;
    /// DateTimes in another form written by libraries (parse_foreign_date_time), with a blank for
    /// the `T`, are converted too.
    bool foreign_timestamps = false;
};

/// DateTimes are converted to OCPI's form wherever the instant is unambiguous. For bodies of
/// tolerant callers, and for objects that would otherwise be lost.
inline constexpr leniency converted_timestamps{true, true};

/// Results of reading a document: all problems, tolerated deviations, and places where the text to
/// store differs from the text received.
class diagnostics {
public:
    explicit diagnostics(leniency allowed = {}) : leniency_(allowed) {}

    const leniency& allowed() const noexcept { return leniency_; }

    void add_problem(std::string_view pointer, std::string text);
    /// Adds a tolerated deviation, for the answer to the client.
    void add_tolerated(std::string text) { tolerated_.push_back(std::move(text)); }
    /// Stores another JSON text in place of the value.
    void add_replacement(value original, std::string json);

    const std::vector<problem>& problems() const noexcept { return problems_; }
    const std::vector<std::string>& tolerated() const noexcept { return tolerated_; }
    bool has_replacements() const noexcept { return !replacements_.empty(); }

    /// The document's text with all replacements made.
    std::string apply_replacements(const document& original) const;

    /// errc::invalid naming every problem with its pointer. Only if there are problems.
    error to_error() const;

private:
    struct replacement {
        std::size_t begin, length;
        std::string json;

        replacement(std::size_t at, std::size_t count, std::string text)
            : begin(at), length(count), json(std::move(text))
        {
        }
    };

    leniency leniency_;
    std::vector<problem> problems_;
    std::vector<std::string> tolerated_;
    std::vector<replacement> replacements_;
};

/// Reports every number too long to be stored exactly.
void check_numbers(const document& read, diagnostics& findings);

/// OCPI's cardinalities [terminology, cardinality]: `1`, `?` (absent or null mean unset), and for a
/// PATCH, where any field may be absent: a required field may not be null.
enum class presence { required, optional, required_if_present };

/// Reads the fields of one object by name and type. Each method returns the value if present and
/// valid; otherwise it returns std::nullopt and reports the error, unless the field may be absent.
class object_reader {
public:
    /// `pointer` is the object's place in its document.
    object_reader(value object, std::string pointer, diagnostics& findings)
        : object_(object),
          last_(object.begin()),
          pointer_(std::move(pointer)),
          diagnostics_(findings)
    {
    }

    /// The root of a document; if it is not an object, reports that and returns std::nullopt.
    static std::optional<object_reader> of_root(const document& read, diagnostics& findings);
    /// An element of a list; if it is not an object, reports that and returns std::nullopt.
    static std::optional<object_reader> of_element(value element, std::string pointer,
                                                   diagnostics& findings);

    std::optional<ci_string> ci_text(std::string_view name, std::size_t max_length, presence);
    /// `max_length` in code points; 0 means unlimited.
    std::optional<std::string> text(std::string_view name, std::size_t max_length, presence);
    std::optional<decimal> number(std::string_view name, presence);
    std::optional<bool> boolean(std::string_view name, presence);
    std::optional<date_time> timestamp(std::string_view name, presence);
    /// A closed enumeration: returns the index in the allowed values.
    std::optional<std::size_t> one_of(std::string_view name,
                                      std::span<const std::string_view> allowed, presence);
    std::optional<object_reader> object(std::string_view name, presence);
    /// An array. `each` is called with every element and its pointer. Returns the number of
    /// elements; an absent, null or empty list is reported when it is required (`+`).
    std::optional<std::size_t> list(std::string_view name, presence,
                                    const std::function<void(value, const std::string&)>& each);
    /// The same for an array of objects: other elements are reported and skipped.
    std::optional<std::size_t> objects(std::string_view name, presence,
                                       const std::function<void(object_reader&)>& each);

    /// Reports every unknown member, so that misspelt names are detected.
    void refuse_unknown_members(std::span<const std::string_view> known);

    /// The member if present and not null, of any kind.
    std::optional<value> find_non_null(std::string_view name) const;
    /// True if the member is present and null.
    bool is_null(std::string_view name) const;
    const std::string& pointer() const noexcept { return pointer_; }
    diagnostics& findings() const noexcept { return diagnostics_; }
    void add_problem(std::string_view name, std::string text);

private:
    std::optional<value> find(std::string_view name) const;
    std::optional<value> field(std::string_view name, presence, kind wanted);

    value object_;
    /// The member that was found last, or the first.
    mutable value_iterator last_;
    std::string pointer_;
    diagnostics& diagnostics_;
};

}  // namespace ocpi::json

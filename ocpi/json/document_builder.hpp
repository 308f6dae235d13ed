#pragma once

#include "ocpi/json/document.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::json::detail {

bool is_number_character(char c) noexcept;
std::size_t end_of_number(std::string_view text, std::size_t begin) noexcept;

/// Builds a document from the events of RapidJSON's reader, which has checked the grammar. The
/// document's text is the source without white space between tokens, copied in runs; most texts are
/// one run.
class document_builder {
public:
    /// The source must outlive it.
    document_builder(std::string_view source, std::size_t deepest_allowed);

    /// The document built so far; must be the last call.
    std::unique_ptr<storage> take();
    /// The reason why a callback stopped the reader.
    const std::string& objection() const noexcept { return objection_; }

    // Callbacks with the names required by the reader. The characters are those of a string or name
    // with escapes resolved.
    bool Null();
    bool Bool(bool truth);
    bool RawNumber(const char*, unsigned, bool);
    bool String(const char* characters, unsigned length, bool);
    bool Key(const char* characters, unsigned length, bool);
    bool StartObject() { return open(kind::object); }
    bool EndObject(unsigned);
    bool StartArray() { return open(kind::array); }
    bool EndArray(unsigned) { return close(); }

    // Never called when numbers are read as strings; required by the reader's templates.
    bool Int(int) { return false; }
    bool Uint(unsigned) { return false; }
    bool Int64(std::int64_t) { return false; }
    bool Uint64(std::uint64_t) { return false; }
    bool Double(double) { return false; }

private:
    std::uint32_t here() const noexcept;
    bool has_escapes(std::size_t length) const noexcept;
    void copy_run();
    void go_to_token();
    void skip_white_space();
    bool refuse(std::string why);
    bool check_surrogates(std::string_view decoded);
    void mark_name(std::string_view name);
    void begin_item();
    node& add_node(kind of);
    bool add_scalar(kind of, std::size_t length);
    bool open(kind of);
    bool close();
    bool names_are_unique();

    /// An object or array whose end is yet to be read.
    struct open_container {
        std::uint32_t node = 0;
        /// A bit for each name, by its length and characters: bits that differ are of names that
        /// do.
        std::uint64_t name_bits = 0;
        bool may_have_name_twice = false;
    };

    std::string_view source_;
    bool may_have_escapes_;
    std::size_t deepest_allowed_;
    std::unique_ptr<storage> built_;
    std::vector<open_container> open_;
    std::vector<std::string_view> names_;
    std::string objection_;
    std::size_t at_ = 0;         ///< in the source: everything before it is recorded
    std::size_t run_begin_ = 0;  ///< the source from here to at_ is not copied yet
    std::uint32_t name_begin_ = 0, name_end_ = 0;
    bool name_is_decoded_ = false;
    bool after_name_ = false;
};

}  // namespace ocpi::json::detail

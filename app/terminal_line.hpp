#pragma once

#include <cstddef>
#include <cstdio>
#include <string>

namespace ocpi::app {

/// A line of progress that is redrawn in place if `out` is a terminal. Not thread safe.
class terminal_line {
public:
    explicit terminal_line(std::FILE* out);
    /// The same as clear().
    ~terminal_line() { clear(); }
    terminal_line(const terminal_line&) = delete;
    terminal_line& operator=(const terminal_line&) = delete;

    bool is_terminal() const noexcept { return is_terminal_; }
    std::size_t columns() const;

    /// Over what was drawn before. The text is cut to leave the last column free, where some
    /// terminals would wrap.
    void draw(std::string text);
    /// Removes the line, so that following output starts on its own.
    void clear();

private:
    std::FILE* out_;
    bool is_terminal_;
    std::size_t drawn_columns_ = 0;
};

}  // namespace ocpi::app

#include "app/terminal_line.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

namespace ocpi::app {

terminal_line::terminal_line(std::FILE* out) : out_(out), is_terminal_(::isatty(::fileno(out)) != 0)
{
}

std::size_t terminal_line::columns() const
{
    constexpr std::size_t usual_columns = 80;
    winsize size{};
    if (::ioctl(::fileno(out_), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return usual_columns;
    return size.ws_col;
}

void terminal_line::draw(std::string text)
{
    text.resize(std::min(text.size(), columns() - 1));
    const auto rest = drawn_columns_ > text.size() ? drawn_columns_ - text.size() : 0;
    std::fprintf(out_, "\r%s%s", text.c_str(), std::string(rest, ' ').c_str());
    std::fflush(out_);
    drawn_columns_ = text.size();
}

void terminal_line::clear()
{
    if (drawn_columns_ == 0) return;
    draw("");
    std::fputc('\r', out_);
    std::fflush(out_);
}

}  // namespace ocpi::app

#include "app/text_file.hpp"

#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

namespace text_file_test {

using ocpi::app::read_text_file;

namespace {

class text_file {
public:
    explicit text_file(const std::string& content) : path_(directory_.file("text.json"))
    {
        std::ofstream(path_, std::ios::binary) << content;
    }

    const std::string& path() const { return path_; }

private:
    ocpi::test::temporary_directory directory_;
    std::string path_;
};

}  // namespace

TEST_CASE("app/text_file: a byte order mark at the beginning is no part of the text")
{
    CHECK(read_text_file(text_file("\xEF\xBB\xBF{}\r\n").path()) == "{}\r\n");
    CHECK(read_text_file(text_file("\xEF\xBB\xBF").path()) == "");
    CHECK(read_text_file(text_file("{\xEF\xBB\xBF}").path()) == "{\xEF\xBB\xBF}");
    CHECK(read_text_file(text_file("\xEF\xBB").path()) == "\xEF\xBB");
}

TEST_CASE("app/text_file: an empty file is a text, a directory and what is missing are none")
{
    CHECK(read_text_file(text_file("").path()) == "");
    const ocpi::test::temporary_directory directory;
    CHECK_FALSE(read_text_file(directory.file("missing.json")));
    CHECK_FALSE(read_text_file(directory.file(".")));
}

}  // namespace text_file_test

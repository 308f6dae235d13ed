#include "bench/partners/request_reader.hpp"

#include <doctest/doctest.h>

#include <string>

namespace request_reader_test {

using namespace ocpi::bench;

TEST_CASE("bench/partners/request_reader: requests are cut out of any pieces of input")
{
    const std::string input =
        "PUT /0/sessions/BE/BEC/1 HTTP/1.1\r\ncontent-length: 4\r\n\r\nbody"
        "GET /report HTTP/1.1\r\n\r\n";
    for (std::size_t cut = 0; cut <= input.size(); ++cut) {
        request_reader reader;
        std::string seen;
        for (const auto& piece : {input.substr(0, cut), input.substr(cut)}) {
            reader.add(piece);
            while (const auto request = reader.next()) {
                seen += request->method + ' ' + request->target + ' ' + request->body + '\n';
            }
        }
        CHECK(seen == "PUT /0/sessions/BE/BEC/1 body\nGET /report \n");
    }
}

}  // namespace request_reader_test

#include "modules/sessions/guess_history.hpp"

#include <doctest/doctest.h>

namespace guess_history_test {

using ocpi::sessions::guess_history;

namespace {

void note_often(guess_history& guesses, bool was_right)
{
    for (int i = 0; i < 100; ++i) guesses.note(was_right);
}

}  // namespace

TEST_CASE("modules/sessions/guess_history: guessing begins as worthwhile, and stays so while right")
{
    guess_history guesses;
    CHECK(guesses.is_worthwhile());
    note_often(guesses, true);
    CHECK(guesses.is_worthwhile());
}

TEST_CASE("modules/sessions/guess_history: a few wrong guesses change nothing, many do")
{
    guess_history guesses;
    note_often(guesses, true);
    for (int i = 0; i < 16; ++i) guesses.note(false);
    CHECK(guesses.is_worthwhile());
    guesses.note(false);
    CHECK_FALSE(guesses.is_worthwhile());
}

TEST_CASE("modules/sessions/guess_history: guesses that would have been right bring it back")
{
    guess_history guesses;
    note_often(guesses, false);
    for (int i = 0; i < 15; ++i) guesses.note(true);
    CHECK_FALSE(guesses.is_worthwhile());
    guesses.note(true);
    CHECK(guesses.is_worthwhile());
}

TEST_CASE("modules/sessions/guess_history: of two wrong and one right, the wrong ones decide")
{
    guess_history guesses;
    for (int i = 0; i < 100; ++i) guesses.note(i % 3 == 0);
    CHECK_FALSE(guesses.is_worthwhile());
    for (int i = 0; i < 100; ++i) guesses.note(i % 3 != 0);
    CHECK(guesses.is_worthwhile());
}

}  // namespace guess_history_test

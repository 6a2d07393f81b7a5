"""The dispatcher: which update goes where, and what happens to it before."""

from collections.abc import Sequence

from aiogram import Dispatcher, F, Router

from besitos.surfaces.telegram.courtesy import Courtesy
from besitos.surfaces.telegram.elsewhere import elsewhere
from besitos.surfaces.telegram.home import HELP, MENU, commands, fallback, on_help_button, on_menu_button
from besitos.surfaces.telegram.introduction import Introduction, is_from_person
from besitos.surfaces.telegram.screen import Go
from besitos.surfaces.telegram.visit import Feature


def make_dispatcher(introduction: Introduction, features: Sequence[Feature]) -> Dispatcher:
    """Private chats with the features of the game, and elsewhere."""
    dispatcher = Dispatcher(features=features, disable_fsm=True)
    dispatcher.update.outer_middleware(Courtesy(introduction.engine.clock))
    dispatcher.include_routers(private(introduction, features), elsewhere())
    return dispatcher


def private(introduction: Introduction, features: Sequence[Feature]) -> Router:
    """A member alone with us. Whoever comes here is introduced."""
    router = Router(name="private")
    for observer in (router.message, router.callback_query):
        observer.filter(is_from_person)
        observer.middleware(introduction)
    router.callback_query.register(on_help_button, Go.filter(F.to == HELP.en))
    router.callback_query.register(on_menu_button, Go.filter(F.to == MENU.en))
    router.include_routers(commands(), *(feature.build() for feature in features), fallback())
    return router

# Everything is done by ./run; make is there for those who expect it.
.PHONY: run demo test gate bench soak catalog settings coverage-table migration clean

run demo test gate bench soak catalog settings coverage-table clean:
	@./run $@ $(ARGS)

# make migration m="what changes"
migration:
	@./run migration "$(m)"
